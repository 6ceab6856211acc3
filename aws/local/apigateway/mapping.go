package apigateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Mapping is the one mapping template (Velocity) that the local API Gateway
// performs: it sends {"data":{…}} with the three known members first and all
// others behind them. It stands here to be compared with, not to be run.
const Mapping = `Action=SendMessage&MessageBody=` +
	`#set($q='"')` +
	`#set($order=$input.path('$'))` +
	`#set($body="{${q}data${q}:{${q}user_id${q}:$input.json('$.user_id'),` +
	`${q}quantity${q}:$input.json('$.quantity'),` +
	`${q}restaurant_id${q}:$input.json('$.restaurant_id')")` +
	`#foreach($name in $order.keySet())` +
	`#if($name!='user_id'&&$name!='quantity'&&$name!='restaurant_id')` +
	`#set($path="$['$name']")` +
	`#set($body="$body,${q}$util.escapeJavaScript($name)${q}:$input.json($path)")` +
	`#end#end` +
	`#set($body="$body}}")` +
	`$util.urlEncode($body)`

// known are the members of every order, in the body's order.
func known() []string { return []string{"user_id", "quantity", "restaurant_id"} }

// orderBody makes the message body of a request, as Mapping does after the
// template's model has let the request through.
func orderBody(request []byte) (string, error) {
	names, values, err := members(request)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	b.WriteString(`{"data":{`)
	for i, name := range known() {
		raw, ok := values[name]
		if !ok {
			return "", fmt.Errorf("object has missing required properties ([%q])", name)
		}
		delete(values, name)
		var text string
		if json.Unmarshal(raw, &text) != nil || raw[0] != '"' {
			return "", fmt.Errorf("%s must be a string", name)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		member(&b, name, encode(text))
	}
	for _, name := range names {
		raw, ok := values[name]
		if !ok {
			continue
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, raw); err != nil {
			return "", fmt.Errorf("%s is no JSON value", name)
		}
		b.WriteByte(',')
		member(&b, name, compact.Bytes())
	}
	b.WriteString("}}")
	return b.String(), nil
}

func member(b *bytes.Buffer, name string, value []byte) {
	b.Write(encode(name))
	b.WriteByte(':')
	b.Write(value)
}

// encode writes a JSON string without the escapes for HTML.
func encode(text string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string always encodes
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// members reads a JSON object: the names in their order, and the raw values.
func members(request []byte) (names []string, values map[string]json.RawMessage, err error) {
	if !json.Valid(request) {
		return nil, nil, errors.New("the body is no valid JSON")
	}
	decoder := json.NewDecoder(bytes.NewReader(request))
	token, err := decoder.Token()
	if err != nil || token != json.Delim('{') {
		return nil, nil, errors.New("the body must be a JSON object")
	}
	values = map[string]json.RawMessage{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("the body is no valid JSON: %w", err)
		}
		name, ok := token.(string)
		if !ok {
			return nil, nil, io.ErrUnexpectedEOF
		}
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return nil, nil, fmt.Errorf("the body is no valid JSON: %w", err)
		}
		if _, twice := values[name]; !twice {
			names = append(names, name)
		}
		values[name] = raw
	}
	return names, values, nil
}
