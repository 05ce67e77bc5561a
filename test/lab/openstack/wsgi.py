"""Serves a WSGI application on loopback: wsgi.py PORT MODULE FUNCTION.

One thread, one request at a time, without monkey-patching: with sqlite, connections must not cross threads, nor may a
request be suspended inside a transaction.
"""
import importlib
import io
import sys

import eventlet.wsgi

port, module, function = sys.argv[1:]
del sys.argv[1:]
application = getattr(importlib.import_module(module), function)()


def with_whole_body(environ, start_response):
    environ['wsgi.input'] = io.BytesIO(environ['wsgi.input'].read())
    return application(environ, start_response)


eventlet.wsgi.server(eventlet.listen(('127.0.0.1', int(port))), with_whole_body, log_output=False)
