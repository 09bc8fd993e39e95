"""SMS: what a text costs in segments, what Twilio's codes mean, and the ways to hand one over."""
