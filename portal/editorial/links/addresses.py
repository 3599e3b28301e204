"""Which machines may be asked: those that every reader can reach, and never one of the network that the portal stands in.

An editor writes the address, so it may name anything: the database's port, a router, a cloud's metadata. A name is resolved
once, every address that it has is judged, and the connection goes to an address that was judged, so that a name which
answers differently the second time gains nothing.
"""

import ipaddress
import socket
from collections.abc import Iterable

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv6 addresses of translators: the last 32 bits of the first kind are the IPv4 address; the second is a network's own.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_OWN_TRANSLATOR = ipaddress.ip_network("64:ff9b:1::/48")


class ForbiddenAddressError(Exception):
    """The name leads into a network that readers cannot reach."""


class UnknownHostError(Exception):
    """The name has no address."""


def resolve(host: str, port: int) -> str:
    """Return the address to connect to.

    Raises:
        UnknownHostError: the name has none.
        ForbiddenAddressError: one of its addresses is not public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(host) from error
    addresses = [str(sockaddr[0]) for *_rest, sockaddr in found]
    if not addresses:
        raise UnknownHostError(host)
    if not all(map(is_public, addresses)):
        raise ForbiddenAddressError(host)
    # Machines without IPv6 still get AAAA records.
    return min(addresses, key=lambda each: ":" in each)


def is_public(text: str) -> bool:
    """Tell whether an address is one of the open internet, or of a network that the settings allow."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return any(address in network for network in _allowed()) or all(map(_is_open, _meanings(address)))


def _is_open(address: Address) -> bool:
    closed = address.is_private or address.is_loopback or address.is_link_local or address.is_reserved
    closed = closed or address.is_multicast or address.is_unspecified or address in _OWN_TRANSLATOR
    return address.is_global and not closed


def _meanings(address: Address) -> Iterable[Address]:
    """Return the addresses that packets to this one may reach: IPv6 has several forms of an IPv4 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _TRANSLATED:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    inner = [address.sixtofour, *(address.teredo or ())]
    return [address, *(each for each in inner if each is not None)]


def _allowed() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(text) for text in settings.LINK_CHECK_ALLOWED_NETWORKS]
