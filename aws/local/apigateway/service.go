// Package apigateway is Amazon API Gateway in this process, as far as the order
// system uses it: methods of a stage that send the request's order to a queue.
package apigateway

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Sender puts a message on a queue, with the rights of a role.
type Sender func(role, queue, body string) (messageID, md5 string, err error)

// Service holds the deployed methods of one local cloud. It is safe for
// concurrent use.
type Service struct {
	identity *identity.Identity
	send     Sender

	mu      sync.RWMutex       // guards methods
	methods map[string]*method // by verb and path: "POST /Dev/orders"
}

// method is one deployed method.
type method struct {
	// signed methods take signed requests only.
	signed bool
	// model is what the request's body must be; nil takes any JSON.
	model   *schema
	refusal response
	mapping string
	role    string
	// queue is the queue's name.
	queue     string
	responses map[string]response
}

// New makes a service without methods.
func New(id *identity.Identity, send Sender) *Service {
	return &Service{identity: id, send: send, methods: map[string]*method{}}
}

// ServeHTTP answers one request to a deployed API. A slash at the end of the
// path makes no difference.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	m, ok := s.methods[r.Method+" "+strings.TrimSuffix(r.URL.Path, "/")]
	s.mu.RUnlock()
	if !ok || m.signed && !strings.Contains(r.Header.Get("Authorization"), "Credential=") {
		// API Gateway takes an unknown path or method for a request that lacks a signature.
		w.Header().Set("X-Amzn-Errortype", "MissingAuthenticationTokenException")
		s.write(w, http.StatusForbidden, `{"message":"Missing Authentication Token"}`)
		return
	}
	kind := r.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(kind); kind != "" && (err != nil || media != jsonMedia) {
		s.write(w, http.StatusUnsupportedMediaType, `{"message":"Unsupported Media Type"}`)
		return
	}
	request, err := wire.ReadBody(r)
	if err != nil {
		s.write(w, http.StatusRequestEntityTooLarge, `{"message":"Request Too Long"}`)
		return
	}
	if order, problems := m.read(request); len(problems) > 0 {
		s.refuse(w, m.refusal, problems)
	} else {
		s.answer(w, m, order)
	}
}

// Asks tells the operation of every request.
func (*Service) Asks(*http.Request) (operation string, ok bool) { return "Invoke", true }

// Refuse answers with an error.
func (s *Service) Refuse(w http.ResponseWriter, _ *http.Request, e *wire.Error) {
	s.write(w, e.HTTPStatus(), encode(map[string]string{"message": e.Message}))
}

// read reads the request's order, or tells what the model has against it.
func (m *method) read(request []byte) (order map[string]any, problems []string) {
	decoder := json.NewDecoder(bytes.NewReader(request))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, []string{"Invalid JSON: " + err.Error()}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, []string{"Invalid JSON: more than one value"}
	}
	if m.model != nil {
		problems = m.model.problems(value)
	}
	order, _ = value.(map[string]any)
	return order, problems
}

func (s *Service) refuse(w http.ResponseWriter, as response, problems []string) {
	found := encode("[" + strings.Join(problems, ", ") + "]")
	text := cmp.Or(as.ResponseTemplates[jsonMedia], `{"message":$context.error.messageString}`)
	s.write(w, status(as, http.StatusBadRequest), strings.NewReplacer(
		"$context.error.messageString", `"Invalid request body"`,
		"$context.error.validationErrorString", found[1:len(found)-1],
	).Replace(text))
}

// answer sends the message and maps the queue's answer as the method says.
func (s *Service) answer(w http.ResponseWriter, m *method, order map[string]any) {
	body, err := m.message(order)
	id, md5 := "", ""
	if err == nil {
		id, md5, err = s.send(m.role, m.queue, body)
	}
	// SQS's answer to SendMessage as its query protocol gives it in JSON.
	code, text := http.StatusOK, fmt.Sprintf(`{"SendMessageResponse":{"ResponseMetadata":{"RequestId":%q},"SendMessageResult":`+
		`{"MD5OfMessageAttributes":null,"MD5OfMessageBody":%q,"MessageId":%q,"SequenceNumber":null}}}`, s.identity.PassingID(), md5, id)
	if e, ok := errors.AsType[*wire.Error](err); ok {
		code, text = e.HTTPStatus(), ""
	} else if err != nil {
		code, text = http.StatusInternalServerError, ""
	}
	as := m.responses["default"]
	for pattern, one := range m.responses {
		if matched, err := regexp.MatchString("^(?:"+pattern+")$", strconv.Itoa(code)); err == nil && matched {
			as = one
		}
	}
	for name := range as.ResponseParameters { // their only source is the message's id
		w.Header().Set(strings.TrimPrefix(name, "method.response.header."), id)
	}
	switch template := as.ResponseTemplates[jsonMedia]; {
	case strings.HasPrefix(template, "#set("):
		text = "" // a template that says nothing
	case template != "" && template != "$input.json('$')":
		text = template
	}
	s.write(w, status(as, code), text)
}

// status is a response's status, or another where it has none.
func status(r response, otherwise int) int {
	if n, err := strconv.Atoi(r.StatusCode.String()); err == nil {
		return n
	}
	return otherwise
}

func (s *Service) write(w http.ResponseWriter, status int, body string) {
	h := w.Header()
	h.Set("Content-Type", jsonMedia)
	h.Set("X-Amzn-Requestid", s.identity.PassingID())
	w.WriteHeader(status)
	if status != http.StatusNoContent {
		_, _ = io.WriteString(w, body) // the client has gone; nobody is left to tell
	}
}

// document is an API as OpenAPI with API Gateway's extensions, as far as it
// decides the local API Gateway's answers.
type document struct {
	// Paths are operations by path and verb.
	Paths      map[string]map[string]operation
	Components struct {
		Schemas map[string]json.RawMessage
	}
	Refusals map[string]response `json:"x-amazon-apigateway-gateway-responses"`
}

type operation struct {
	Security    []map[string]any
	Validator   string `json:"x-amazon-apigateway-request-validator"`
	RequestBody struct {
		Content map[string]struct {
			Schema struct {
				Ref string `json:"$ref"`
			}
		}
	}
	Integration struct {
		Type, URI, Credentials, PassthroughBehavior string
		RequestTemplates                            map[string]string
		// Responses are by a pattern of the queue's status, or "default".
		Responses map[string]response
	} `json:"x-amazon-apigateway-integration"`
}

type response struct {
	StatusCode                            json.Number
	ResponseParameters, ResponseTemplates map[string]string
}

const (
	jsonMedia = "application/json"
	// signature is the security scheme that the local API Gateway knows.
	signature = "signature"
)

// Deploy adds an API's methods to a stage. uri begins the address of every
// queue; the queue's name follows.
func (s *Service) Deploy(stage, uri string, openAPI []byte) error {
	var d document
	if err := json.Unmarshal(openAPI, &d); err != nil {
		return fmt.Errorf("the API's definition can't be read: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for path, verbs := range d.Paths {
		for verb, o := range verbs {
			m, err := d.method(o, uri)
			if err != nil {
				return fmt.Errorf("%s %s: %w", strings.ToUpper(verb), path, err)
			}
			s.methods[strings.ToUpper(verb)+" /"+stage+path] = m
		}
	}
	return nil
}

// method takes out of an operation what decides its answers.
func (d *document) method(o operation, uri string) (*method, error) {
	at := o.Integration
	m := &method{
		refusal: d.Refusals["BAD_REQUEST_BODY"], mapping: at.RequestTemplates[jsonMedia], role: at.Credentials,
		queue: strings.TrimPrefix(at.URI, uri), responses: at.Responses,
	}
	for _, one := range o.Security {
		if _, m.signed = one[signature]; !m.signed {
			return nil, fmt.Errorf("the local AWS asks for a %s or for nothing, not for %v", signature, one)
		}
	}
	if at.Type != "aws" || at.PassthroughBehavior != "never" || m.queue == at.URI || len(at.RequestTemplates) != 1 {
		return nil, fmt.Errorf("the local AWS has integrations of type aws with a queue (%s<queue>) only, which never pass through and have one request template, for %s", uri, jsonMedia)
	}
	if left := reference().ReplaceAllString(m.mapping, ""); strings.ContainsAny(left, "$#") {
		return nil, fmt.Errorf("the local AWS knows $util.urlEncode($input.json('$.name')) in a request template only, not %s", left)
	}
	if _, err := m.message(nil); err != nil {
		return nil, err
	}
	for _, r := range m.responses {
		for _, from := range r.ResponseParameters {
			if from != "integration.response.body.SendMessageResponse.SendMessageResult.MessageId" {
				return nil, fmt.Errorf("the local AWS puts the message's id into headers only, not %s", from)
			}
		}
	}
	if o.Validator == "" {
		return m, nil
	}
	model := d.Components.Schemas[strings.TrimPrefix(o.RequestBody.Content[jsonMedia].Schema.Ref, "#/components/schemas/")]
	decoder := json.NewDecoder(bytes.NewReader(model))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m.model); err != nil {
		return nil, fmt.Errorf("the local AWS does not know this schema: %w", err)
	}
	return m, m.model.compile()
}

// reference is what a request template may say of the request.
func reference() *regexp.Regexp {
	return regexp.MustCompile(`\$util\.urlEncode\(\$input\.json\('\$\.(\w+)'\)\)`)
}

// message performs the request template: the body of the message to send.
func (m *method) message(order map[string]any) (string, error) {
	form, err := url.ParseQuery(reference().ReplaceAllStringFunc(m.mapping, func(at string) string {
		return url.QueryEscape(encode(order[reference().FindStringSubmatch(at)[1]]))
	}))
	if err != nil || form.Get("Action") != "SendMessage" {
		return "", errors.New("the request template must make an Action=SendMessage")
	}
	return form.Get("MessageBody"), nil
}

// encode writes a JSON value without the escapes for HTML.
func encode(value any) string {
	text, _ := wire.Encode(value) // it was read from JSON
	return string(text)
}

// schema is a JSON schema, as far as the local API Gateway knows it. Its texts
// are those of the validator that API Gateway uses, which names a field only
// where it is missing or unknown.
type schema struct {
	Type                 string
	Required             []string
	Properties           map[string]*schema
	AdditionalProperties *bool
	Pattern              string

	pattern *regexp.Regexp
}

// compile prepares the patterns, which are those of JavaScript.
func (s *schema) compile() (err error) {
	escape := regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)
	if s.pattern, err = regexp.Compile(escape.ReplaceAllString(s.Pattern, `\x{$1}`)); err != nil {
		return fmt.Errorf("the local AWS does not know this pattern: %w", err)
	}
	for _, p := range s.Properties {
		if err := p.compile(); err != nil {
			return err
		}
	}
	return nil
}

// problems tells what is wrong with a value. Members are looked at when the
// object itself is right.
func (s *schema) problems(value any) []string {
	if kind := kindOf(value); s.Type != "" && kind != s.Type {
		return []string{fmt.Sprintf("instance type (%s) does not match any allowed primitive type (allowed: [%q])", kind, s.Type)}
	}
	text, isText := value.(string)
	if isText && !s.pattern.MatchString(text) {
		return []string{fmt.Sprintf("ECMA 262 regex %s does not match input string %s", encode(s.Pattern), encode(text))}
	}
	object, _ := value.(map[string]any)
	var problems []string
	open := s.AdditionalProperties == nil || *s.AdditionalProperties
	if unknown := absent(object, s.Properties); len(unknown) > 0 && !open {
		problems = append(problems, "object instance has properties which are not allowed by the schema: "+encode(unknown))
	}
	required := map[string]bool{}
	for _, name := range s.Required {
		required[name] = true
	}
	if missing := absent(required, object); len(missing) > 0 {
		problems = append(problems, "object has missing required properties ("+encode(missing)+")")
	}
	if len(problems) > 0 {
		return problems
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if member, ok := object[name]; ok {
			problems = append(problems, s.Properties[name].problems(member)...)
		}
	}
	return problems
}

// absent are the names of one that another lacks.
func absent[A, B any](one map[string]A, other map[string]B) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(one)), func(name string) bool {
		_, ok := other[name]
		return ok
	})
}

// kindOf is the JSON schema's name of a value's type.
func kindOf(value any) string {
	switch v := value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "number"
		}
		return "integer"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "null"
}
