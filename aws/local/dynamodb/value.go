package dynamodb

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"orderops/aws/local/wire"
)

// value is one attribute value. Values are never changed once they are made, so
// that items may share them.
type value struct {
	// kind is the wire's own name: S, N, B, BOOL, NULL, L, M, SS, NS or BS.
	kind string
	// text is an S, the plain decimal digits of an N, or the bytes of a B.
	text string
	// flag is a BOOL, and true for a NULL.
	flag bool
	// list holds the elements of an L, or those of a set in ascending order.
	list []value
	// fields are the members of an M.
	fields item
}

// item is a set of named attributes: a row, a key, or the members of a map.
type item map[string]value

// maxNesting is how deep lists and maps may lie in each other.
const maxNesting = 32

// UnmarshalJSON reads {"S":"x"} and its kind; what DynamoDB would refuse is
// refused with DynamoDB's message.
func (v *value) UnmarshalJSON(b []byte) error {
	var content any
	err := json.Unmarshal(b, &content)
	if err == nil {
		*v, err = readValue(content, 1)
	}
	return err
}

func readValue(content any, depth int) (value, error) {
	members, ok := content.(map[string]any)
	if !ok && content != nil {
		return value{}, malformed()
	}
	kind := ""
	for name, member := range members {
		switch {
		case !slices.Contains([]string{"S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"}, name) || member == nil:
		case kind != "":
			return value{}, invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
		default:
			kind = name
		}
	}
	if kind == "" {
		return value{}, invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	}
	if depth > maxNesting+1 {
		return value{}, invalid("Nesting Levels have exceeded supported limits")
	}
	return readKind(kind, members[kind], depth)
}

func readKind(kind string, content any, depth int) (v value, err error) {
	v.kind = kind
	var ok bool
	switch kind {
	case "S", "N", "B":
		v.text, ok = content.(string)
	case "BOOL", "NULL":
		v.flag, ok = content.(bool)
	case "M":
		var members map[string]any
		members, ok = content.(map[string]any)
		v.fields = make(item, len(members))
		for name, member := range members {
			if v.fields[name], err = readValue(member, depth+1); err != nil {
				return value{}, err
			}
		}
	default:
		var elements []any
		elements, ok = content.([]any)
		v.list, err = readList(kind, elements, depth)
	}
	switch {
	case !ok:
		err = malformed()
	case kind == "NULL" && !v.flag:
		err = invalidValue("Null attribute value types must have the value of true")
	case kind == "N":
		v.text, err = plainNumber(v.text)
	case kind == "B":
		data, decoded := base64.StdEncoding.DecodeString(v.text)
		v.text, err = string(data), decoded
	}
	return v, err
}

// readList reads the elements of an L, which tell their kinds, or of a set,
// whose kind tells it.
func readList(kind string, elements []any, depth int) (list []value, err error) {
	list = make([]value, len(elements))
	for i, element := range elements {
		if kind == "L" {
			list[i], err = readValue(element, depth+1)
		} else {
			list[i], err = readKind(kind[:1], element, depth)
		}
		if err != nil {
			return nil, err
		}
	}
	if kind == "L" {
		return list, nil
	}
	return sortSet(kind, list)
}

// sortSet gives a set an order, as it has none of its own.
func sortSet(kind string, set []value) ([]value, error) {
	var given []string
	for _, element := range set {
		given = append(given, element.text)
	}
	slices.SortFunc(set, func(a, b value) int {
		order, _ := compare(a, b)
		return order
	})
	switch {
	case len(set) == 0:
		return nil, invalidValue("An %s set  may not be empty", map[string]string{"SS": "string", "NS": "number", "BS": "binary"}[kind])
	case len(slices.CompactFunc(slices.Clone(set), equal)) == len(set):
		return set, nil
	case kind == "SS":
		return nil, invalidValue("Input collection [%s] contains duplicates.", strings.Join(given, ", "))
	case kind == "BS":
		return nil, invalidValue("Input collection of type BS contains duplicates.")
	}
	return nil, invalid("Input collection contains duplicates")
}

func malformed() error {
	return &wire.Error{Type: "com.amazon.coral.service#SerializationException", Message: "An AttributeValue does not have the form of its type"}
}

// MarshalJSON writes {"S":"x"} and its kind.
func (v value) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{v.kind: v.content()})
}

func (v value) content() any {
	switch v.kind {
	case "S", "N":
		return v.text
	case "B":
		return []byte(v.text)
	case "BOOL", "NULL":
		return v.flag
	case "L":
		return v.list
	case "M":
		return v.fields
	}
	elements := make([]any, len(v.list))
	for i, element := range v.list {
		elements[i] = element.content()
	}
	return elements
}
