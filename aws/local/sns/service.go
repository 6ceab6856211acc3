// Package sns is Amazon SNS in this process: topics, e-mail subscriptions, and
// a mailbox in which delivered mails can be read.
package sns

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Version is the API's version, as requests name it.
const Version = "2010-03-31"

// maxMails bounds the mailbox; the oldest mails go first.
const maxMails = 1000

// Service holds the topics and mails of one local cloud. It is safe for
// concurrent use.
type Service struct {
	identity *identity.Identity
	api      *wire.QueryService

	mu     sync.Mutex        // guards all below
	topics map[string]*topic // by ARN
	mails  []Mail
}

type topic struct {
	arn           string
	attributes    map[string]string
	subscriptions []*subscription
}

type subscription struct {
	arn      string
	endpoint string
	// token confirms the subscription; "" once it is confirmed.
	token string
}

// Mail is one delivered e-mail.
type Mail struct {
	To       string
	Subject  string
	Body     string
	TopicARN string
	// MessageID is the id that Publish answered with; "" for the mail that asks to
	// confirm a subscription, whose Body is the token.
	MessageID string
	At        time.Time
}

// New makes a service without topics.
func New(id *identity.Identity) *Service {
	s := &Service{identity: id, topics: map[string]*topic{}}
	s.api = &wire.QueryService{
		Namespace:  "http://sns.amazonaws.com/doc/" + Version + "/",
		NewID:      id.PassingID,
		Operations: s.operations(),
	}
	return s
}

// ServeHTTP answers one query request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.api.ServeHTTP(w, r) }

// CreateTopic makes a topic and gives its ARN. Making it again is no error.
func (s *Service) CreateTopic(name string, attributes map[string]string) (arn string, err error) {
	if !validName(name) {
		return "", invalid("Topic Name")
	}
	arn = s.identity.ARN("sns", name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.topics[arn]; !ok {
		s.topics[arn] = &topic{arn: arn, attributes: attributes}
	}
	return arn, nil
}

// SubscribeMail subscribes an e-mail address and gives the subscription's ARN.
// confirmed says that its owner has agreed; otherwise the address gets a mail
// with a token for ConfirmSubscription and no messages until then.
func (s *Service) SubscribeMail(topicARN, address string, confirmed bool) (arn string, err error) {
	if at := strings.IndexByte(address, '@'); at < 1 || at == len(address)-1 {
		return "", invalid("Email address")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(topicARN)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(t.subscriptions, func(s *subscription) bool { return s.endpoint == address })
	if at < 0 {
		t.subscriptions = append(t.subscriptions, &subscription{arn: topicARN + ":" + s.identity.UUID(), endpoint: address, token: s.identity.UUID()})
		at = len(t.subscriptions) - 1
	}
	found := t.subscriptions[at]
	switch {
	case confirmed:
		found.token = ""
	case found.token != "":
		s.deliver(Mail{To: address, Subject: "AWS Notification - Subscription Confirmation", Body: found.token, TopicARN: topicARN})
	}
	return found.arn, nil
}

// Mails tells the delivered mails, oldest first.
func (s *Service) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// deliver puts a mail into the mailbox. The caller holds the lock.
func (s *Service) deliver(m Mail) {
	m.At = time.Now()
	if len(s.mails) == maxMails {
		s.mails = slices.Delete(s.mails, 0, 1)
	}
	s.mails = append(s.mails, m)
}

// topic finds a topic. The caller holds the lock.
func (s *Service) topic(arn string) (*topic, error) {
	if parts := strings.Split(arn, ":"); len(parts) != 6 || parts[0] != "arn" || parts[2] != "sns" {
		return nil, invalid("TopicArn")
	}
	t, ok := s.topics[arn]
	if !ok {
		return nil, &wire.Error{Status: http.StatusNotFound, Type: "NotFound", Message: "Topic does not exist"}
	}
	return t, nil
}

func invalid(parameter string) *wire.Error {
	return &wire.Error{Type: "InvalidParameter", Message: "Invalid parameter: " + parameter}
}

// validName is the rule of CreateTopic for standard topics.
func validName(name string) bool {
	if name == "" || len(name) > 256 {
		return false
	}
	for _, c := range name {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
