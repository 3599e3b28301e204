"""Whether addresses of other sites answer: asked by a job, outside every request, and kept for a while."""
