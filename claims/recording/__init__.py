"""The record: append-only tables, holds, erasure that keeps the chain, a claim's story."""
