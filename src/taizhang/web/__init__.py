"""The Django project; its apps from the ground up: audit, units, accounts, programmes, ledger …"""
