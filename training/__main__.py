"""`python -m training` is `refund-risk`."""

from training.cli import app

if __name__ == "__main__":
    app()
