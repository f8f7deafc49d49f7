"""The room: one laptop, tables over the network, private questions on everybody's own telephone."""
