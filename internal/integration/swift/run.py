"""Runs one part of Swift with the configuration in a folder.

    run.py FOLDER account|container|object|proxy|updater
    run.py FOLDER rings    commands of swift-ring-builder, one a line of stdin

Swift's own commands do the same, but read swift.conf from /etc/swift only, and
each takes a while to begin. What is logged goes to stderr.
"""
import os
import sys
import time

from swift.common import utils

folder, part = sys.argv[1:]
utils.SWIFT_CONF_FILE = os.path.join(folder, 'swift.conf')


def main():
    if part == 'rings':
        return rings()
    if part == 'updater':
        return updater()
    from swift.common.wsgi import run_wsgi
    options = {'verbose': True}
    if part == 'object':
        from swift.obj import server
        options['global_conf_callback'] = server.global_conf_callback
    return run_wsgi(os.path.join(folder, part + '.conf'), part + '-server', **options)


def updater():
    from swift.common.daemon import run_daemon
    from swift.container.updater import ContainerUpdater

    class Updater(ContainerUpdater):
        def run_forever(self, *args, **kwargs):
            # As in the original, but without a process for each partition.
            while True:
                self.run_once()
                time.sleep(self.interval)

    run_daemon(Updater, os.path.join(folder, 'container.conf'), 'container-updater', verbose=True)


def rings():
    from swift.cli.ringbuilder import EXIT_ERROR, main as ring_builder
    for line in sys.stdin:
        ring, *command = line.split()
        sys.argv[:] = ['swift-ring-builder', os.path.join(folder, ring + '.builder'), *command]
        try:
            ring_builder()
        except SystemExit as e:
            if e.code == EXIT_ERROR:  # a mere warning is 1
                return e.code
    return 0


sys.exit(main())
