package dynamodb

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// value is one attribute value. Values are never changed once they are made, so
// that items may share them.
type value struct {
	// kind is the wire's own name: S, N, B, BOOL, NULL, L, M, SS, NS or BS.
	kind string
	// text is an S, the plain decimal digits of an N, or the bytes of a B.
	text string
	// flag is a BOOL.
	flag bool
	list []value
	// fields are the members of an M.
	fields item
	// set holds the texts of an SS, NS or BS.
	set []string
}

// item is a set of named attributes: a row, a key, or the members of a map.
type item map[string]value

// maxNesting is how deep lists and maps may lie in each other.
const maxNesting = 32

// UnmarshalJSON reads {"S":"x"} and its kind; what DynamoDB would refuse is
// refused with DynamoDB's message.
func (v *value) UnmarshalJSON(b []byte) error {
	read, err := decodeValue(b, 1)
	*v = read
	return err
}

func decodeValue(b []byte, depth int) (value, error) {
	if depth > maxNesting+1 {
		return value{}, invalid("Nesting Levels have exceeded supported limits")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		return value{}, err
	}
	var v value
	for kind, raw := range members {
		if !isKind(kind) || bytes.Equal(raw, []byte("null")) {
			continue
		}
		if v.kind != "" {
			return value{}, invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
		}
		var err error
		if v, err = decodeKind(kind, raw, depth); err != nil {
			return value{}, err
		}
	}
	if v.kind == "" {
		return value{}, invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	}
	return v, nil
}

func isKind(kind string) bool {
	switch kind {
	case "S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS":
		return true
	}
	return false
}

func decodeKind(kind string, raw json.RawMessage, depth int) (value, error) {
	v := value{kind: kind}
	var err error
	switch kind {
	case "S":
		err = json.Unmarshal(raw, &v.text)
	case "N":
		if err = json.Unmarshal(raw, &v.text); err == nil {
			v.text, err = plainNumber(v.text)
		}
	case "B":
		var data []byte
		err = json.Unmarshal(raw, &data)
		v.text = string(data)
	case "BOOL":
		err = json.Unmarshal(raw, &v.flag)
	case "NULL":
		var null bool
		if err = json.Unmarshal(raw, &null); err == nil && !null {
			err = invalidValue("Null attribute value types must have the value of true")
		}
	case "L":
		v.list, err = decodeList(raw, depth)
	case "M":
		v.fields, err = decodeMap(raw, depth)
	default:
		v.set, err = decodeSet(kind, raw)
	}
	return v, err
}

func decodeList(raw json.RawMessage, depth int) ([]value, error) {
	var elements []json.RawMessage
	if err := json.Unmarshal(raw, &elements); err != nil {
		return nil, err
	}
	list := make([]value, len(elements))
	for i, element := range elements {
		var err error
		if list[i], err = decodeValue(element, depth+1); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func decodeMap(raw json.RawMessage, depth int) (item, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, err
	}
	fields := make(item, len(members))
	for name, member := range members {
		v, err := decodeValue(member, depth+1)
		if err != nil {
			return nil, err
		}
		fields[name] = v
	}
	return fields, nil
}

func decodeSet(kind string, raw json.RawMessage) ([]string, error) {
	var set []string
	if kind == "BS" {
		var elements [][]byte
		if err := json.Unmarshal(raw, &elements); err != nil {
			return nil, err
		}
		for _, element := range elements {
			set = append(set, string(element))
		}
	} else if err := json.Unmarshal(raw, &set); err != nil {
		return nil, err
	}
	if len(set) == 0 {
		return nil, invalidValue("An %s set  may not be empty", map[string]string{"SS": "string", "NS": "number", "BS": "binary"}[kind])
	}
	shown := strings.Join(set, ", ")
	for i, element := range set {
		if kind == "NS" {
			number, err := plainNumber(element)
			if err != nil {
				return nil, err
			}
			set[i] = number
		}
		if slices.Contains(set[:i], set[i]) {
			switch kind {
			case "NS":
				return nil, invalid("Input collection contains duplicates")
			case "BS":
				return nil, invalidValue("Input collection of type BS contains duplicates.")
			}
			return nil, invalidValue("Input collection [%s] contains duplicates.", shown)
		}
	}
	return set, nil
}

// MarshalJSON writes {"S":"x"} and its kind.
func (v value) MarshalJSON() ([]byte, error) {
	var content any
	switch v.kind {
	case "S", "N":
		content = v.text
	case "B":
		content = []byte(v.text)
	case "BOOL":
		content = v.flag
	case "NULL":
		content = true
	case "L":
		content = append([]value{}, v.list...)
	case "M":
		content = v.fields
	case "BS":
		elements := make([][]byte, len(v.set))
		for i, element := range v.set {
			elements[i] = []byte(element)
		}
		content = elements
	default:
		content = v.set
	}
	return marshal(map[string]any{v.kind: content})
}

// marshal is json.Marshal without the escapes for HTML, which a value would
// keep in the answer.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
