"""What crosses the wire: the GraphQL endpoint, the body parser, the headers and the guards before them."""
