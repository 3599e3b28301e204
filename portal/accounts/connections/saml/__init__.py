"""SAML 2.0 after OIOSAML 3: one identity provider may serve many municipalities."""
