"""RTMP as far as an encoder needs it to publish: words, chunks, the conversation, and the door that many share."""
