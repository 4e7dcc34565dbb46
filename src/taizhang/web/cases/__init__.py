"""Cases 事项: where each stands, folded from its records; lists, pages, the desk of an owner."""
