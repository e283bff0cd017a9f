"""The only package that talks to Streamlit: mounting labs, page frames, caching."""
