"""Load the example content from `portal/desk/example/` through the services of the packages that own it, and remove it.

`context` remembers what was made, `references` finds what one file calls in another, and there is one module for each
kind of content. `run` puts them in order: the content in one transaction, the answers in another.
"""
