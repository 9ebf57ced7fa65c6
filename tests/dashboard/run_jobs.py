"""A server of jobs as a process: ``python run_jobs.py STORE``. Each line in is the days of a run; its name goes out."""

import sys
from pathlib import Path

from dashboard.jobs import Jobs, Request


def main():
    jobs = Jobs(Path(sys.argv[1]), 1)
    for line in sys.stdin:
        job = jobs.submit(Request("baseline", days=float(line), user="anna"))
        print(job, flush=True)
        jobs.wait(job, 60, lambda status: status.share > 0)
        print(jobs.processes()[0], flush=True)


if __name__ == "__main__":
    main()
