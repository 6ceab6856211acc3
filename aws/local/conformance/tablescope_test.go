package conformance

// tableScope is the scope of DynamoDB.
func tableScope(_ *recording) string { return "" }
