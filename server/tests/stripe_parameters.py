"""Compares what the adapter sends with the parameters that Stripe's own library declares.

Reads lines `METHOD /v1/path name name …` on standard input, each name as it stands in the form (`metadata[attempt]`),
and prints every name that the call does not have. Ends with 1 when there is one, or a call that it does not know.
"""

import sys

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


def declared(call):
    names = set()
    for base in call.__mro__:
        names.update(getattr(base, "__annotations__", {}))
    return names


def main():
    wrong = 0
    for line in sys.stdin:
        method, path, *names = line.split()
        parts = path.removeprefix("/v1/").split("/")
        if len(parts) > 1:
            parts[1] = "{id}"
        key = f"{method} {'/'.join(parts)}"
        call = CALLS.get(key)
        if call is None:
            print(f"unknown call: {key}")
            wrong += 1
            continue
        for name in names:
            if name.split("[")[0] not in declared(call):
                print(f"{key} has no parameter {name}")
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
