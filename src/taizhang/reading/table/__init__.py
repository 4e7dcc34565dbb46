"""Tables in plain text: drawn with strokes, in wiki markup, a cell on each line."""
