"""Paints invented documents - invoices and health-check reports - with their truth, in many forms and conditions.

    python -m benchmarks.painter OUT --seed 7 --count 6 --layouts single,double --degrade clean,scan,photo

Fonts are those of the machine it runs on; nothing of Claimdesk needs it at test or run time.
"""
