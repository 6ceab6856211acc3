package conformance

// differences are the recordings in scope that the local AWS does not agree
// with, and why. It is decided for each; what is not listed must agree.
func differences() map[string]string {
	return map[string]string{}
}
