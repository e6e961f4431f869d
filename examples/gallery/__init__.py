"""Every part of templates/kit in every state: what an author may pick from.

make demo ARGS="--app examples/gallery"
"""
