"""The commands of ``sop``: one module a family, each with ``add_parser(subparsers)`` and ``run(arguments) -> int``.

Exit status: 0 good, 1 the thing asked about is wrong, 2 the call is wrong.
"""
