#!/usr/bin/python3
"""Shows what programs printed to a terminal emulator (pyte) and says what state that left it in.

    terminal-emulator.py COLUMNS < OUTPUTS

OUTPUTS: the outputs of several runs, each with its length before it (8 bytes, most significant first). For each, a line
of JSON: `other`, what the emulator was told beside text, line ends and styles; `leaks`, the rows at whose end a style
was still on; `title`; `column`, where the cursor stands; `rows`, each with its text and the columns that it fills.
"""
import json
import sys

import pyte

PLAIN = {"draw", "linefeed", "carriage_return", "select_graphic_rendition"}


class WatchedScreen(pyte.Screen):
    """A screen that is never too short, and remembers what it was told."""

    def __init__(self, columns, lines):
        self.other = []
        self.leaks = []
        super().__init__(columns, lines)

    def linefeed(self):
        if self.cursor.attrs != self.default_style:
            self.leaks.append(self.cursor.y)
        super().linefeed()

    @property
    def default_style(self):
        return pyte.screens.Char(data=" ", fg="default", bg="default")

    def write_process_input(self, data):
        self.other.append("answered " + repr(data))


def watch(screen):
    """Remembers what the stream tells the screen, not what the screen tells itself."""
    depth = [0]
    for name in pyte.Stream.events:
        if not hasattr(screen, name):
            continue

        def told(*arguments, _name=name, _call=getattr(screen, name), **keywords):
            if depth[0] == 0 and _name not in PLAIN:
                screen.other.append(_name)
            depth[0] += 1
            try:
                return _call(*arguments, **keywords)
            finally:
                depth[0] -= 1

        setattr(screen, name, told)


def show(columns, output):
    text = output.decode("utf-8")
    screen = WatchedScreen(columns, text.count("\n") + len(text) // columns + 2)
    watch(screen)
    pyte.Stream(screen).feed(text)
    rows = []
    for y in range(screen.cursor.y):
        line = screen.buffer[y]
        filled = [x for x in range(columns) if x in line and line[x].data != " "]
        width = max(filled) + 1 if filled else 0
        rows.append({"text": "".join(line[x].data for x in range(width)), "columns": width})
    return {
        "other": sorted(set(screen.other)),
        "leaks": screen.leaks,
        "title": screen.title + screen.icon_name,
        "column": screen.cursor.x,
        "rows": rows,
    }


def main():
    columns = int(sys.argv[1])
    while True:
        head = sys.stdin.buffer.read(8)
        if not head:
            break
        json.dump(show(columns, sys.stdin.buffer.read(int.from_bytes(head, "big"))), sys.stdout)
        sys.stdout.write("\n")


main()
