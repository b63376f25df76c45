// The program ward-server: its command line is in Commands, what it serves in Serving.
import CommandLineKit
import Glibc

exit(ServerProgram.run(CommandLine.arguments.dropFirst()).rawValue)
