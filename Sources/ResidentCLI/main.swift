// The program `ward`: understands its arguments, runs one command, ends with its code.

import CommandLineKit
import Glibc

exit(WardProgram.spec.run(CommandLine.arguments.dropFirst(), command: Command.run).rawValue)
