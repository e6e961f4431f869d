"""A Pipedrive for a laptop: OAuth server, REST API, Marketplace and the page that embeds app extensions."""
