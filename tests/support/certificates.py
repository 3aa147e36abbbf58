# SPDX-License-Identifier: MIT
"""A certificate authority and one certificate for all virtual hosts, made by openssl(1)."""
import pathlib
import ssl
import subprocess


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make_certificates(directory, hosts):
    """Returns (path of the CA, path of the certificate, path of its key)."""
    folder = pathlib.Path(directory) / "tls"
    folder.mkdir(parents=True, exist_ok=True)
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    leaf, leaf_key, request = folder / "leaf.pem", folder / "leaf.key", folder / "leaf.csr"
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    _openssl("req", "-x509", *curve, "-keyout", ca_key, "-out", ca, "-days", 30,
             "-subj", "/CN=Vinny test authority",
             "-addext", "basicConstraints=critical,CA:TRUE",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    _openssl("req", *curve, "-keyout", leaf_key, "-out", request, "-subj", "/CN=origin")
    extensions = folder / "leaf.ext"
    names = ",".join(f"DNS:{h}" for h in hosts)
    extensions.write_text(f"basicConstraints=CA:FALSE\nsubjectAltName={names}\n"
                          "extendedKeyUsage=serverAuth\n", encoding="ascii")
    _openssl("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial",
             "-days", 30, "-out", leaf, "-extfile", extensions)
    return ca, leaf, leaf_key


def server_context(leaf, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(leaf, key)
    return context
