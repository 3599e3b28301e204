"""The automatic checks of any page. Each is a function of a moment and its parameters that yields findings.

A check never raises for bad content. One that needs a job first raises `NotYetError`.
"""
