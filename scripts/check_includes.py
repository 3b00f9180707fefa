#!/usr/bin/env python3
"""Gate: who includes and who links whom follows scripts/include_policy.json, and nothing does so in a circle.

Red when: the policy has a cycle; a folder with sources has no entry; a project include does not resolve from the
source root; a component includes one that it may not; an external library is used where it does not belong;
two files include each other, however indirectly. Of the CMakeLists.txt: red when a library or program depends on one of
a component that its own may not include, on one that nobody defines, or on itself, however indirectly.
"""

import json
import re

from gate_lib import CPP, finish, line_of, parse_root, read, tree_files

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]', re.MULTILINE)
_IMPORT = re.compile(r'^import[ \t]+(?:public[ \t]+)?"([^"]+)";', re.MULTILINE)
_COMMAND = re.compile(r"\b(sanquan_library|sanquan_program|sanquan_protobuf|add_library|target_link_libraries)\s*\(([^()]*)\)")
_LINK_WORDS = ("DEPENDS", "PRIVATE_DEPENDS", "PUBLIC", "PRIVATE", "INTERFACE")
_STANDARD = re.compile(r"^(c?[a-z_]+|[a-z]+_[a-z_]+)$")  # <vector>, <cstdint>, <memory_resource>


def find_cycle(graph):
    """One cycle of the graph {node: iterable of nodes} as a list of its nodes, or None."""
    state = {}
    for start in sorted(graph):
        if start in state:
            continue
        stack = [(start, iter(sorted(graph[start])))]
        path = [start]
        state[start] = "open"
        while stack:
            node, following = stack[-1]
            step = next(following, None)
            if step is None:
                state[node] = "done"
                stack.pop()
                path.pop()
            elif state.get(step) == "open":
                return path[path.index(step):] + [step]
            elif step not in state and step in graph:
                state[step] = "open"
                stack.append((step, iter(sorted(graph[step]))))
                path.append(step)
    return None


def component_of(path, components):
    fitting = [name for name in components if path.startswith(name + "/")]
    return max(fitting, key=len) if fitting else None


def check_policy(components, problems):
    for name, entry in components.items():
        for target in entry["includes"]:
            if target not in components:
                problems.append(f"scripts/include_policy.json:1: '{name}' may include '{target}', which has no entry")
    cycle = find_cycle({name: entry["includes"] for name, entry in components.items()})
    if cycle:
        problems.append("scripts/include_policy.json:1: the policy has a cycle: " + " -> ".join(cycle))


def check_project_include(path, where, target, files, components, problems):
    """Judges one quoted include; answers the included file when it is one of ours."""
    resolved = target
    if target.endswith(".pb.h"):
        resolved = target[: -len(".pb.h")] + ".proto"
    if resolved not in files:
        problems.append(f'{where}: "{target}" does not resolve from the source root')
        return None
    owner, wanted = component_of(path, components), component_of(resolved, components)
    if wanted is None:
        problems.append(f'{where}: "{target}" lies outside every component of the policy')
    elif owner is not None and wanted != owner and wanted not in components[owner]["includes"]:
        problems.append(f'{where}: {owner} may not include {wanted} ("{target}")')
    return resolved


def check_external(path, where, target, components, heavy, problems):
    owner = component_of(path, components)
    if owner is None or _STANDARD.match(target):
        return
    if component_of(target, components):
        problems.append(f"{where}: project header <{target}> must be included with quotes")
        return
    allowed = components[owner]["external"]
    if "*" not in allowed and not any(target.startswith(prefix) for prefix in allowed):
        problems.append(f"{where}: {owner} may not use <{target}>")
    if (path.endswith(".h") and any(target.startswith(prefix) for prefix in heavy["prefixes"])
            and not any(path.startswith(folder + "/") for folder in heavy["headers_allowed_in"])):
        problems.append(f"{where}: <{target}> is heavy and belongs into a .cc file")


def read_targets(root):
    """Of every CMakeLists.txt: {target: its file} and the links [(file, line, target, what it depends on)]."""
    owners, links = {}, []
    for name in tree_files(root, ("CMakeLists.txt",)):
        text = re.sub(r"#[^\n]*", "", read(root, name))
        for match in _COMMAND.finditer(text):
            command, words = match.group(1), match.group(2).split()
            if not words:
                continue
            target = "sanquan_" + words[0] if command == "sanquan_library" else words[0]
            if command != "target_link_libraries":
                owners.setdefault(target, name)
            linking = False
            for word in words[1:]:
                if word.isupper() and word.isidentifier():
                    linking = word in _LINK_WORDS
                elif linking and re.match(r"^sanquan_\w+$", word):
                    links.append((name, line_of(text, match.start()), target, word))
    return owners, links


def check_links(root, components, problems):
    """The CMake targets against the policy: a library links only what its folder may include."""
    owners, links = read_targets(root)
    graph = {target: set() for target in owners}
    for name, line, target, wanted in links:
        owner = component_of(name, components)
        if wanted not in owners:
            problems.append(f"{name}:{line}: {target} depends on {wanted}, which no CMakeLists.txt defines")
            continue
        graph.setdefault(target, set()).add(wanted)
        other = component_of(owners[wanted], components)
        if owner is not None and other != owner and other not in components[owner]["includes"]:
            problems.append(f"{name}:{line}: {owner} may not link {other} ({target} depends on {wanted})")
    cycle = find_cycle(graph)
    if cycle:
        problems.append(f"{owners.get(cycle[0], 'CMakeLists.txt')}:1: targets depend on each other: " + " -> ".join(cycle))
    return len(owners)


def main():
    root = parse_root(__doc__).root
    policy = json.loads(read(root, "scripts/include_policy.json"))
    components = policy["components"]
    problems = []
    check_policy(components, problems)
    names = tree_files(root, (*CPP, ".proto", ".def", ".inc"))
    files = set(names)
    graph = {}
    for path in names:
        if component_of(path, components) is None:
            problems.append(f"{path}:1: the folder has no entry in scripts/include_policy.json")
        text = read(root, path)
        included = []
        pattern_hits = [(match.start(), match.group(1), match.group(2)) for match in _INCLUDE.finditer(text)]
        if path.endswith(".proto"):
            pattern_hits = [(match.start(), '"', match.group(1)) for match in _IMPORT.finditer(text)
                            if not match.group(1).startswith("google/protobuf/")]
        for offset, kind, target in pattern_hits:
            where = f"{path}:{line_of(text, offset)}"
            if kind == '"':
                resolved = check_project_include(path, where, target, files, components, problems)
                if resolved:
                    included.append(resolved)
            else:
                check_external(path, where, target, components, policy["heavy_headers"], problems)
        graph[path] = included
    cycle = find_cycle(graph)
    if cycle:
        problems.append(f"{cycle[0]}:1: files include each other: " + " -> ".join(cycle))
    targets = check_links(root, components, problems)
    finish("includes", problems, f"{len(names)} files, {targets} targets")


if __name__ == "__main__":
    main()
