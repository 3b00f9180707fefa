#!/usr/bin/env python3
"""Gate: every Python file parses with the Python of Debian 12 (3.11), and no tab or trailing blank stands in it."""

import ast

from gate_lib import finish, parse_root, read, tree_files


def main():
    root = parse_root(__doc__).root
    problems = []
    names = [name for name in tree_files(root, (".py",))]
    for name in names:
        text = read(root, name)
        try:
            ast.parse(text, filename=name, feature_version=(3, 11))
        except SyntaxError as error:
            problems.append(f"{name}:{error.lineno}: {error.msg}")
        for number, line in enumerate(text.split("\n"), 1):
            if "\t" in line or line != line.rstrip():
                problems.append(f"{name}:{number}: tab or trailing blank")
    finish("python", problems, f"{len(names)} files")


if __name__ == "__main__":
    main()
