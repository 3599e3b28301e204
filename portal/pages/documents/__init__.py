"""The text of uploaded PDF and DOCX files, so that search finds what they say."""
