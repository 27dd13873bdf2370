#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parser, the manual and the completions of gannet-cli know the same verbs and options.

Usage: check-options.py GANNET_CLI SOURCE_ROOT
"""

import re
import subprocess
import sys
from pathlib import Path

OPTION = re.compile(r"--([a-z][a-z-]+)")
BUILT_IN = {"help-all", "help-common"}


def ask(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


def verbs_in(help_text):
    return re.findall(r"^  ([a-z]+) +\S.*$", help_text.split("Verbs:")[1], re.M)


def parser_knows(program):
    """Verb -> its long options, as --help-all says; "" for the common ones. A verb that has verbs of
    its own stands with them: "queue" and "queue add"."""
    top = ask(program, "--help-all")
    common = set(OPTION.findall(top)) - BUILT_IN
    known = {"": common}
    for verb in verbs_in(top):
        text = ask(program, verb, "--help-all")
        known[verb] = set(OPTION.findall(text)) - BUILT_IN - common
        for below in verbs_in(text) if "Verbs:" in text else ():
            text_below = ask(program, verb, below, "--help-all")
            known[f"{verb} {below}"] = set(OPTION.findall(text_below)) - BUILT_IN - common
    return known


def offered_by_bash(source, words):
    """What the bash completion answers to a line whose last word is being typed."""
    script = f"""
      _init_completion () {{ words=({' '.join(words)}); cword={len(words) - 1}
        cur=${{words[cword]}}; prev=${{words[cword - 1]}}; }}
      source {source / 'data/completions/gannet-cli.bash'}
      _gannet_cli; printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    return set(subprocess.run(["bash", "-c", script], capture_output=True, text=True,
                              check=True).stdout.split())


def check_bash(source, known, complain):
    for above in {verb.rpartition(" ")[0] for verb in known if verb}:
        verbs = {verb.split()[-1] for verb in known if verb and verb.rpartition(" ")[0] == above}
        if offered_by_bash(source, ["gannet-cli", *above.split(), "''"]) != verbs:
            complain(f"bash offers other verbs than the parser takes: {above}")
    for verb in set(known) - {""}:
        offered = {word[2:] for word in
                   offered_by_bash(source, ["gannet-cli", *verb.split(), "--"])}
        expected = known[verb] | known[""]
        if offered != expected:
            complain(f"bash: {verb}: {sorted(offered ^ expected)}")


def check_text(name, text, known, complain):
    """Files that are not run here: the set of all names must be that of the parser."""
    expected = set().union(*known.values())
    found = set(OPTION.findall(text)) | set(re.findall(r"^complete .* -l ([a-z-]+)", text, re.M))
    if found != expected:
        complain(f"{name}: {sorted(found ^ expected)}")
    for verb in set(known) - {""}:
        if not re.search(rf"\b{verb.split()[-1]}\b", text):
            complain(f"{name}: no word of {verb}")


def main(program, root):
    source = Path(root)
    known = parser_knows(program)
    problems = []
    check_bash(source, known, problems.append)
    for name in ("completions/_gannet-cli", "completions/gannet-cli.fish", "man/gannet-cli.1"):
        text = (source / "data" / name).read_text(encoding="utf-8").replace("\\-", "-")
        check_text(name, text, known, problems.append)
    if len(known) < 14 or len(known["get"]) < 5 or len(known["queue add"]) < 4:
        problems.append(f"the parser's help was not understood: {known}")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
