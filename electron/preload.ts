// The bridge: messages of the contract and nothing else. Runs sandboxed; the page sees two functions.
import { contextBridge, ipcRenderer } from 'electron';

type Message = string | Uint8Array;

contextBridge.exposeInMainWorld('casementBridge', {
  post: (message: Message): void => ipcRenderer.send('casement', message),
  onMessage: (receive: (message: Message) => void): void => {
    ipcRenderer.on('casement', (_event, message: Message) => receive(message));
    // A reloaded page starts a new conversation: the old one's streams must end.
    ipcRenderer.send('casement-hello');
  },
});
