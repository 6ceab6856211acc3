package dynamodb

import (
	"encoding/json"
)

// legacy are the parameters from before expressions. They are read only to be
// refused, so that no request is answered as if they were not there.
type legacy struct {
	AttributesToGet, AttributeUpdates, ConditionalOperator, Expected json.RawMessage
	KeyConditions, QueryFilter, ScanFilter                           json.RawMessage
}

func (l legacy) refuse() error {
	for _, parameter := range []struct {
		name string
		raw  json.RawMessage
	}{
		{"AttributesToGet", l.AttributesToGet},
		{"AttributeUpdates", l.AttributeUpdates},
		{"ConditionalOperator", l.ConditionalOperator},
		{"Expected", l.Expected},
		{"KeyConditions", l.KeyConditions},
		{"QueryFilter", l.QueryFilter},
		{"ScanFilter", l.ScanFilter},
	} {
		if len(parameter.raw) > 0 && string(parameter.raw) != "null" {
			return unsupported("The legacy parameter " + parameter.name)
		}
	}
	return nil
}
