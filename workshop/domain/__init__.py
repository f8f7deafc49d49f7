"""What the field knows, in pure Python and networkx: values and messages, no sentences, no files to write."""
