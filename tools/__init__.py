"""House tools: run from the project root, never part of the installed package."""
