"""What the benchmarks that run other programs share: where ours are, how to call them, how to fail clearly."""
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
RELEASE = ["swift", "build", "-c", "release", "--static-swift-stdlib"]


def fail(sentence):
    sys.exit(f"{Path(sys.argv[0]).name}: {sentence}")


def note(sentence):
    """Progress goes to standard error, so that standard output holds results only."""
    print(sentence, file=sys.stderr, flush=True)


def build(product):
    """Builds one of our programs and says where it is."""
    if product == "ward-bench" and not (REPOSITORY / "Benchmarks/WardBench").is_dir():
        fail("our benchmark program is not in this tree yet (Benchmarks/WardBench); --peers-only runs the others")
    if subprocess.run([*RELEASE, "--product", product], cwd=REPOSITORY, stdout=sys.stderr).returncode:
        fail(f"{product} could not be built; the compiler's messages are above")
    folder = output_of([*RELEASE, "--show-bin-path"], cwd=REPOSITORY).strip()
    return Path(folder) / product


def output_of(command, **options):
    """What a program printed. Anything but success ends the benchmark with a sentence."""
    command = [str(part) for part in command]
    try:
        ran = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", **options)
    except OSError as problem:
        fail(f"{command[0]} could not be started: {problem.strerror}")
    if ran.returncode:
        fail(f"'{' '.join(command)}' failed with status {ran.returncode}")
    return ran.stdout
