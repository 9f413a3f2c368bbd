#!/usr/bin/python3
"""Writes docs/interfaces.md: every interface, rpc and their semantics, from the comments in proto/.

    tools/interfaces_page.py            writes the page
    tools/interfaces_page.py --check    exit code 1 if the page is not what would be written
"""

import glob
import os
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "docs", "interfaces.md")
SERVICE, METHOD = 6, 2  # field numbers that source locations are made of
MODELS = ("keyvalue", "pubsub", "stream", "queue", "list", "set", "sortedset", "timeseries", "graph",
          "document", "object")
HEAD = """# Interfaces

Every contract with its semantics. Made from the comments in `proto/prism/interfaces/` by
`tools/interfaces_page.py`; change them there. Behind each rpc: what a caller must be allowed to do,
whether it may be repeated after a failure of unknown outcome, and its place over HTTP below
`/v1/namespaces/{namespace}`.
"""


def load():
    """Returns (file descriptors of the contracts, class of MethodOptions with our extensions)."""
    files = glob.glob(os.path.join(ROOT, "proto/prism/interfaces/*.proto"))
    with tempfile.NamedTemporaryFile(suffix=".pb") as out:
        subprocess.run(["protoc", f"-I{ROOT}/proto", "--include_imports", "--include_source_info",
                        f"--descriptor_set_out={out.name}", *files], check=True)
        found = descriptor_pb2.FileDescriptorSet.FromString(out.read())
    pool = descriptor_pool.DescriptorPool()
    for file in found.file:
        pool.Add(file)
    options = pool.FindExtensionByName("prism.options.permission").file
    # Known to the messages of this pool only, so the options are parsed again as such.
    factory = message_factory.MessageFactory(pool)
    factory.GetMessages([options.name])
    method_options = factory.GetPrototype(
        pool.FindMessageTypeByName("google.protobuf.MethodOptions"))
    service_options = factory.GetPrototype(
        pool.FindMessageTypeByName("google.protobuf.ServiceOptions"))
    contracts = [f for f in found.file if f.name.startswith("prism/interfaces/")]
    return contracts, pool, method_options, service_options


def comments(file):
    """{path: comment} of a file's elements."""
    return {tuple(where.path): where.leading_comments
            for where in file.source_code_info.location if where.leading_comments}


def text_of(comment):
    """The comment as Markdown: the space that each line begins with goes."""
    lines = [line[1:] if line.startswith(" ") else line for line in comment.rstrip().split("\n")]
    return "\n".join(lines)


def extension(pool, message, name):
    return message.Extensions[pool.FindExtensionByName(f"prism.options.{name}")]


def rpc_line(pool, options, method):
    """`Get(GetRequest) -> GetResponse` and what its options say."""
    request = ("stream " if method.client_streaming else "") + method.input_type.split(".")[-1]
    response = ("stream " if method.server_streaming else "") + method.output_type.split(".")[-1]
    permission = ("", "read", "write", "admin")[extension(pool, options, "permission")]
    facts = [permission]
    if extension(pool, options, "idempotent"):
        facts.append("idempotent")
    http = extension(pool, options, "http")
    if http.verb:
        facts.append(f"`{http.verb} {http.path}`")
    return f"### {method.name}\n\n`{request}` → `{response}` · {' · '.join(facts)}\n"


def interface(file, pool, method_options, service_options):
    """The section of one contract file, as (name, text)."""
    said = comments(file)
    service = file.service[0]
    options = service_options.FromString(service.options.SerializeToString())
    name = extension(pool, options, "interface_name")
    parts = [f"## {name}\n", f"`{file.package}.{service.name}`\n", text_of(said[(SERVICE, 0)]), ""]
    for index, method in enumerate(service.method):
        options = method_options.FromString(method.options.SerializeToString())
        parts.append(rpc_line(pool, options, method))
        parts += [text_of(said[(SERVICE, 0, METHOD, index)]), ""]
    return name, "\n".join(parts)


def page():
    contracts, pool, method_options, service_options = load()
    sections = dict(interface(file, pool, method_options, service_options) for file in contracts)

    def place(name):
        model, flavour = name.split("_", 1)
        return MODELS.index(model), flavour != "basic", name

    names = sorted(sections, key=place)
    contents = "\n".join(f"- [{name}](#{name})" for name in names)
    return "\n".join([HEAD, contents, "", *(sections[name] for name in names)]).rstrip() + "\n"


def main():
    wanted = page()
    if sys.argv[1:] != ["--check"]:
        with open(PAGE, "w", encoding="utf-8") as out:
            out.write(wanted)
        return 0
    with open(PAGE, encoding="utf-8") as current:
        if current.read() == wanted:
            return 0
    print("docs/interfaces.md is not what the contracts say; run tools/interfaces_page.py",
          file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
