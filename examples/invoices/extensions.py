from examples.invoices.invoice import extension as invoice
from examples.invoices.invoice_settings import extension as invoice_settings

EXTENSIONS = (invoice, invoice_settings)
