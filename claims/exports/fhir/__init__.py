"""A claim as a FHIR R4 Bundle (https://hl7.org/fhir/R4/): one module for each family of resources."""
