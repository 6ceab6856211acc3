package sqs

import "testing"

// The sums are AWS's own, as recorded for these attributes.
func TestAttributesDigest(t *testing.T) {
	t.Parallel()
	text := func(value string) MessageAttribute {
		return MessageAttribute{DataType: "String", StringValue: value}
	}
	for name, test := range map[string]struct {
		attributes map[string]MessageAttribute
		want       string
	}{
		"none": {nil, ""},
		"one":  {map[string]MessageAttribute{"Foo": text("Bar")}, "ae7155c6026991b6d54b11589678bf9c"},
		"sorted by name": {
			map[string]MessageAttribute{"Help.Me": text("Me"), "Hello": text("There"), "General": text("Kenobi")},
			"4c360f3fdafd970e05fae2f149d997f5",
		},
		"binary": {
			map[string]MessageAttribute{"attr1": {
				DataType:    "Binary",
				BinaryValue: []byte("traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01"),
			}},
			"8cbe4db156db8a94db8b801b7addb984",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := attributesDigest(test.attributes); got != test.want {
				t.Errorf("digest = %q, want %q", got, test.want)
			}
		})
	}
}
