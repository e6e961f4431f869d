"""Every part of templates/kit in every state, as a panel of a deal: what an author may pick from."""
