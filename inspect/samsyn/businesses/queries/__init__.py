"""Every read of the registry, split by what is asked."""

from samsyn.businesses.queries.register import BusinessCard, PermitLine, get_business, list_businesses, permits_of

__all__ = ["BusinessCard", "PermitLine", "get_business", "list_businesses", "permits_of"]
