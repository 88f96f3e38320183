"""The person's pages. Each shows and changes what belongs to `request.user`, and there is no way to name another."""
