from examples.calls.call import extension as call

EXTENSIONS = (call,)
