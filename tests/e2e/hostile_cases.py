"""Strangers on both ports: garbage, lies, slowness and masses of connections, while honest clients are served."""

import contextlib
import os
import socket
import ssl
import struct
import subprocess
import time

from network import LONG, Network, expect, heights_of, wait_for

MEBIBYTE = 1 << 20
# Of one node, for everything that strangers may make it hold: 1,024 client connections, 64 handshakes, 16 followers.
MEMORY_GROWTH_MAX = 128 * MEBIBYTE
MASS = 3_000 if LONG else 1_500


class Strangers:
    """Connections that this test opens and has to close."""

    def __init__(self, address, tls=None):
        self.address = address
        self.tls = tls
        self.sockets = []

    def open(self, count=1, *, first=b"", source="127.0.0.1"):
        """New connections that send `first`; one that is cut at once counts as opened."""
        for _ in range(count):
            with contextlib.suppress(OSError):
                raw = socket.create_connection(self.address, timeout=5, source_address=(source, 0))
                self.sockets.append(self.tls.wrap_socket(raw) if self.tls else raw)
                self.sockets[-1].sendall(first)
        return self.sockets[-1] if self.sockets else None

    def drip(self):
        """One more byte on each that is still open; how many are."""
        alive = 0
        for one in self.sockets:
            with contextlib.suppress(OSError):
                one.setblocking(False)
                one.send(b"a")
                alive += 1
        return alive

    def close(self):
        for one in self.sockets:
            one.close()
        self.sockets.clear()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def closed_by_peer(one, seconds):
    """Whether the other side ends the connection in time, whatever it sends before."""
    one.settimeout(seconds)
    try:
        while one.recv(65_536):
            pass
        return True
    except TimeoutError:
        return False
    except OSError:
        return True


def stranger_identity(folder):
    """TLS with a fresh key that no ledger lists."""
    key, certificate = folder / "stranger.key", folder / "stranger.crt"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=stranger", "-days", "2",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.load_cert_chain(certificate, key)
    return context


def listed_identity(node):
    """TLS with the key of a node that the ledger lists."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    keys = node.config["keys"]
    passphrase = (node.folder / keys["passphrase_file"]).read_text().splitlines()[0]
    context.load_cert_chain(node.folder / keys["tls_certificate"], node.folder / keys["tls_key"], passphrase)
    return context


class Watched:
    """A node under attack: its memory at the start, and what must hold after each attack."""

    def __init__(self, network, node):
        self.network, self.node = network, node
        self.memory = node.memory_bytes()
        self.slowest = 0.0

    def still_well(self, attack):
        began = time.monotonic()
        self.network.submit(2, node=self.node, connections=1, timeout_ms=10_000)
        self.slowest = max(self.slowest, time.monotonic() - began)
        growth = self.node.memory_bytes() - self.memory
        print(f"  {attack}: {growth // 1024} KiB more memory, {self.node.open_files()} descriptors, "
              f"two transactions in {time.monotonic() - began:.2f} s")
        expect(f"memory stays bounded after {attack}: {growth}", growth < MEMORY_GROWTH_MAX)


def hostile_peers(bin_dir):
    """Garbage, lying lengths, slowness and masses on the peer port: cut, bounded, and consensus goes on."""
    with Network(bin_dir) as network:
        node = network.validators[0]
        # Seats for strangers, else there is little to attack.
        node.append("[limits]\nsync_sessions = 16\n")
        network.start()
        network.submit(5)
        address = node.address("peer")
        identity = stranger_identity(network.directory)
        with Strangers(network.validators[1].address("peer"), identity) as strangers:
            expect("without seats a stranger is cut at once", closed_by_peer(strangers.open(), 3))
        watched = Watched(network, node)

        with Strangers(address) as strangers:
            for first in (os.urandom(4096), b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + os.urandom(64)):
                expect("garbage instead of TLS is cut", closed_by_peer(strangers.open(first=first), 15))
        watched.still_well("garbage")

        frames = {
            "a length of 4 GiB": struct.pack(">I", 0xFFFFFFFF),
            "a frame over the limit": struct.pack(">I", 64 * MEBIBYTE) + bytes(4096),
            "an empty frame": struct.pack(">I", 0),
            "garbage of an honest length": struct.pack(">I", 64) + os.urandom(64),
            "half a frame, then silence": struct.pack(">I", 1024) + bytes(16),
        }
        with Strangers(address, identity) as strangers:
            for what, frame in frames.items():
                expect(f"{what} is cut", closed_by_peer(strangers.open(first=frame), 15))
        watched.still_well("lying frames")

        with Strangers(address, identity) as strangers:
            strangers.open(100)
            expect("strangers that say nothing do not take more than their seats",
                   node.open_files() < 250)
            wait_for("silent strangers are cut", lambda: all(closed_by_peer(one, 0.01) for one in strangers.sockets))
            watched.still_well("silence after the handshake")

        # One validator turns: its key is known, so that no limit for strangers holds it.
        traitor = network.validators[3]
        traitor.kill()
        listed = listed_identity(traitor)
        before = node.open_files()
        with Strangers(address, listed) as strangers:
            strangers.open(60)
            expect(f"a listed key has one connection that says nothing: {before}, {node.open_files()}",
                   node.open_files() < before + 20)
            watched.still_well("60 silent connections of one validator")
        with Strangers(address, listed) as strangers:
            began = time.monotonic()
            expect("before its hello a validator may send no large frame",
                   closed_by_peer(strangers.open(first=struct.pack(">I", MEBIBYTE) + bytes(4096)), 4))
            expect("it is cut at once", time.monotonic() - began < 4)
        network.start([traitor])

        with Strangers(address) as strangers:
            strangers.open(MASS, first=b"\x16")
            expect(f"unfinished handshakes are bounded: {node.open_files()}", node.open_files() < 400)
            strangers.drip()
            watched.still_well(f"{MASS} slow handshakes")
            # A validator that comes back must get in through all of that.
            other = network.validators[1]
            other.kill()
            wait_for("its loss is noticed and named", lambda: [
                line for line in node.log().splitlines()
                if f"peer_disconnected peer={other.name} " in line and "PEER_CLOSED" in line])
            network.start([other])
            strangers.open(100, first=b"\x16")
            network.agreed(max(heights_of(network.submit(3, node=other))))
        network.agreed()
        expect("nothing failed inside", "network_coroutine_failed" not in node.log())
        expect(f"strangers do not fill the log: {len(node.log())} bytes", len(node.log()) < 100_000)


def hostile_clients(bin_dir):
    """Garbage, lies, slowness and masses on the client port: refused, bounded, and honest clients are served."""
    with Network(bin_dir) as network:
        network.start()
        network.submit(5)
        node = network.validators[0]
        address = node.address("client")
        plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        plain.check_hostname = False
        plain.verify_mode = ssl.CERT_NONE
        watched = Watched(network, node)

        with Strangers(address) as strangers:
            for first in (os.urandom(4096), b"GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n"):
                expect("garbage instead of TLS is cut", closed_by_peer(strangers.open(first=first), 10))
        requests = {
            "a head over the limit": (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000, b" 431 "),
            "a length over the limit": (b"POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n"
                                        b"\r\n", b" 413 "),
            "a negative length": (b"POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b" 400 "),
            "two lengths": (b"POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n"
                            b"\r\nab", b" 400 "),
            "no HTTP": (os.urandom(512).replace(b"\r", b"x") + b"\r\n\r\n", b" 400 "),
            "nested JSON": (b"POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            b"Content-Length: 100000\r\n\r\n" + b"[" * 100_000, b" 4"),
        }
        with Strangers(address, plain) as strangers:
            for what, (request, answer) in requests.items():
                one = strangers.open(first=request)
                one.settimeout(10)
                head = one.recv(64)
                expect(f"{what} is answered{answer.decode()}: {head}", head.startswith(b"HTTP/1.1" + answer[:2]) and
                       answer.strip() in head)
        watched.still_well("lying requests")

        with Strangers(address, plain) as strangers:
            strangers.open(200, first=b"GET /v1/status HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            watched.still_well("slow heads")
            strangers.drip()
            wait_for("slow heads are cut after their ten seconds",
                     lambda: strangers.drip() == 0 or all(closed_by_peer(one, 0.01) for one in strangers.sockets), 20)

        with Strangers(address) as strangers:
            # From many addresses: no cap of one address holds them off.
            for source in range(2, 8):
                strangers.open(MASS // 6, source=f"127.0.0.{source}")
            strangers.open(MASS // 2)
            expect(f"connections are bounded: {node.open_files()}", node.open_files() < 1_024 + 300)
            watched.still_well(f"{MASS + MASS // 2} silent connections from seven addresses")
        network.agreed()
        expect(f"strangers do not fill the log: {len(node.log())} bytes", len(node.log()) < 100_000)


CASES = [hostile_peers, hostile_clients]
