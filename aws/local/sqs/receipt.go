package sqs

import (
	"encoding/base64"
	"strings"
)

// A receipt handle is opaque to clients: the base64 of queue ARN, message id and
// the nonce of the receive.
func receiptHandle(queueARN, messageID, nonce string) string {
	return base64.StdEncoding.EncodeToString([]byte(nonce + " " + queueARN + " " + messageID))
}

// parseReceipt reads a handle of q. The message may be gone and the nonce stale.
func (q *queue) parseReceipt(handle string) (messageID, nonce string, err error) {
	text, err := base64.StdEncoding.DecodeString(handle)
	if err != nil {
		return "", "", badHandle(handle)
	}
	parts := strings.Split(string(text), " ")
	if len(parts) != 3 || parts[0] == "" || parts[1] != q.arn || parts[2] == "" {
		return "", "", badHandle(handle)
	}
	return parts[2], parts[0], nil
}

// received finds the message whose latest receipt handle this is; nil when it is
// gone or was received again since, which is no error for DeleteMessage.
func (q *queue) received(handle string) (*message, error) {
	id, nonce, err := q.parseReceipt(handle)
	if err != nil {
		return nil, err
	}
	m := q.messages[id]
	if m == nil || m.receipt != nonce {
		return nil, nil
	}
	return m, nil
}
