"""Raw lines → clean text: repairs, outline, documents and their genre."""
