"""Compares what the adapter sends with the parameters that Stripe's own library declares.

Reads lines `METHOD /v1/path name name …` on standard input, each name as it stands in the form (`metadata[attempt]`),
and prints every name that the call does not have, however deep it lies. Ends with 1 when there is one, or a call that it
does not know.
"""

import builtins
import sys
import typing

from stripe import params

CALLS = {
    "POST customers": params.CustomerCreateParams,
    "POST setup_intents": params.SetupIntentCreateParams,
    "GET setup_intents/{id}": params.SetupIntentRetrieveParams,
    "GET mandates/{id}": params.MandateRetrieveParams,
    "POST payment_methods/{id}": params.PaymentMethodUpdateParams,
    "POST payment_methods/{id}/attach": params.PaymentMethodAttachParams,
    "POST payment_methods/{id}/detach": params.PaymentMethodDetachParams,
    "GET payment_methods/{id}": params.PaymentMethodRetrieveParams,
    "POST payment_intents": params.PaymentIntentCreateParams,
    "GET payment_intents": params.PaymentIntentListParams,
    "GET payment_intents/{id}": params.PaymentIntentRetrieveParams,
    "POST payment_intents/{id}/confirm": params.PaymentIntentConfirmParams,
    "POST payment_intents/{id}/cancel": params.PaymentIntentCancelParams,
    "POST refunds": params.RefundCreateParams,
    "GET refunds": params.RefundListParams,
    "GET charges": params.ChargeListParams,
    "GET disputes/{id}": params.DisputeRetrieveParams,
}


class Names(dict):
    """The names of a module; what it imports for type checkers alone has no parts that count here."""

    def __missing__(self, name):
        if hasattr(builtins, name):
            raise KeyError(name)
        return typing.Any


def alternatives(kind, module):
    """The types that a parameter of a module may have, each alone."""
    if isinstance(kind, typing.ForwardRef):
        kind = kind.__forward_arg__
    if isinstance(kind, str):
        kind = eval(kind, Names(vars(module)))
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return []
    if origin in (None, list, dict):
        return [kind]
    return [one for part in typing.get_args(kind) for one in alternatives(part, module)]


def has(kind, path, module):
    """Whether a value of a type has what a path names."""
    if not path:
        return True
    head, *rest = path
    for one in alternatives(kind, module):
        if typing.get_origin(one) is dict:
            # Free names, such as those of metadata.
            found = not rest
        elif typing.get_origin(one) is list:
            found = (head == "" or head.isdigit()) and has(typing.get_args(one)[0], rest, module)
        else:
            own = [base for base in getattr(one, "__mro__", []) if head in getattr(base, "__annotations__", {})]
            found = any(has(base.__annotations__[head], rest, sys.modules[base.__module__]) for base in own)
        if found:
            return True
    return False


def main():
    wrong = 0
    for line in sys.stdin:
        method, path, *names = line.split()
        segments = path.removeprefix("/v1/").split("/")
        if len(segments) > 1:
            segments[1] = "{id}"
        key = f"{method} {'/'.join(segments)}"
        call = CALLS.get(key)
        if call is None:
            print(f"unknown call: {key}")
            wrong += 1
            continue
        for name in names:
            # `card[exp_month]` is the parameter `card` and in it `exp_month`.
            steps = name.replace("]", "").split("[")
            if not has(call, steps, sys.modules[call.__module__]):
                print(f"{key} has no parameter {name}")
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
