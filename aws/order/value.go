package order

import (
	"encoding/base64"
	"encoding/json"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// encodeValue writes a value as DynamoDB JSON: {"S":"text"}.
func encodeValue(value types.AttributeValue) string {
	text, err := json.Marshal(plain(value))
	if err != nil {
		return "null"
	}
	return string(text)
}

// plain turns a value into what encoding/json writes as DynamoDB JSON. It is
// recursive; DynamoDB nests at most 32 levels.
func plain(value types.AttributeValue) any {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return map[string]any{"S": v.Value}
	case *types.AttributeValueMemberN:
		return map[string]any{"N": v.Value}
	case *types.AttributeValueMemberB:
		return map[string]any{"B": v.Value}
	case *types.AttributeValueMemberBOOL:
		return map[string]any{"BOOL": v.Value}
	case *types.AttributeValueMemberNULL:
		return map[string]any{"NULL": v.Value}
	case *types.AttributeValueMemberSS:
		return map[string]any{"SS": v.Value}
	case *types.AttributeValueMemberNS:
		return map[string]any{"NS": v.Value}
	case *types.AttributeValueMemberBS:
		return map[string]any{"BS": v.Value}
	case *types.AttributeValueMemberL:
		list := make([]any, len(v.Value))
		for i, element := range v.Value {
			list[i] = plain(element)
		}
		return map[string]any{"L": list}
	case *types.AttributeValueMemberM:
		fields := make(map[string]any, len(v.Value))
		for name, field := range v.Value {
			fields[name] = plain(field)
		}
		return map[string]any{"M": fields}
	default:
		return nil
	}
}

// encodeToken writes the key at which the next page starts; "" means no next page.
func encodeToken(key map[string]types.AttributeValue) string {
	if len(key) == 0 {
		return ""
	}
	fields := make(map[string]any, len(key))
	for name, value := range key {
		fields[name] = plain(value)
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// decodeToken reads what encodeToken wrote. A key attribute is a string, a
// number or binary.
func decodeToken(token string) (map[string]types.AttributeValue, error) {
	if token == "" {
		return nil, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil, err
	}
	var fields map[string]struct {
		S *string `json:"S"`
		N *string `json:"N"`
		B []byte  `json:"B"`
	}
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, err
	}
	key := make(map[string]types.AttributeValue, len(fields))
	for name, field := range fields {
		switch {
		case field.S != nil:
			key[name] = &types.AttributeValueMemberS{Value: *field.S}
		case field.N != nil:
			key[name] = &types.AttributeValueMemberN{Value: *field.N}
		case field.B != nil:
			key[name] = &types.AttributeValueMemberB{Value: field.B}
		default:
			return nil, errors.New("a key without a value")
		}
	}
	if len(key) == 0 {
		return nil, errors.New("no key")
	}
	return key, nil
}
