"""Pages of the studio: files as addresses, the library, one file, its people and cuts, files on their way."""

from quarterdeck.studio.views.files import address, as_json, file, keep_upload, served, small

__all__ = ["address", "as_json", "file", "keep_upload", "served", "small"]
