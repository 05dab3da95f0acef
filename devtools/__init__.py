"""What `./dev` does. Standard library only, unless a module's docstring says otherwise."""
